using GroupComm.Testing.Traces;
using Xunit;

namespace GroupComm.Testing.Tests.Laws;

public sealed class StateLawTests
{
    [Fact]
    public void Vs18_a_joiner_has_what_its_donor_gave() =>
        Story.OfThree().State("n1", 7, StateRole.Donor, "n3").State("n3", 8, StateRole.Joiner, "n1").Breaks("VS-18");

    [Fact]
    public void Vs18_a_joiner_has_what_any_old_member_had() =>
        Story.OfThree().State("n1", 8, StateRole.Donor, "n3").State("n2", 7, StateRole.Member).State("n3", 8, StateRole.Joiner, "n1").Breaks("VS-18");

    [Fact]
    public void Vs18_members_with_state_had_the_same() =>
        Story.OfThree().State("n1", 7, StateRole.Member).State("n2", 8, StateRole.Member).Breaks("VS-18");

    [Fact]
    public void Vs18_is_kept_by_equal_states() =>
        Story.OfThree().State("n1", 7, StateRole.Donor, "n3").State("n2", 7, StateRole.Member).State("n3", 7, StateRole.Joiner, "n1").Holds();

    [Fact]
    public void Vs18_another_donor_may_write_the_same_state_in_other_bytes() =>
        Story.OfThree().State("n1", 7, StateRole.Donor, "n3").State("n2", 8, StateRole.Donor, "n3").State("n3", 8, StateRole.Joiner, "n2").Holds();

    [Fact]
    public void Vs18_a_donor_that_was_killed_may_have_left_no_line() =>
        Story.OfThree().State("n3", 8, StateRole.Joiner, "n1").State("n2", 9, StateRole.Donor).Holds();

    [Fact]
    public void Vs18_states_of_different_points_may_differ() =>
        Story.OfThree().State("n1", 7, StateRole.Member).Group("g", "1.2", "n1 n2 n3").State("n2", 8, StateRole.Member).Holds();
}
