using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Samples.Tests;

public class SimulatedHandlersTests
{
    [Fact]
    public async Task The_defect_is_told_with_its_message_and_the_repaired_shelf_passes_500_seeds()
    {
        await using Sample sample = Sample.Start("SimulatedHandlers", []);
        await sample.SeesAsync("breaks H-1");
        await sample.SeesAsync("the replicas differ first after Put { Name = ");
        await sample.SeesAsync("replay: Seeds = new(");
        await sample.SeesAsync("500 schedules with");
        Assert.Equal(0, await sample.EndAsync());
    }
}
