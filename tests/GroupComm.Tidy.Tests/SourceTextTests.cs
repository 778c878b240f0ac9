using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("a // Task\nb", "a        \nb")]
    [InlineData("a /* Task\n*/ b", "a        \n   b")]
    [InlineData("x = \"Task \\\" Task\"; y", "x =               ; y")]
    [InlineData("x = @\"c:\\\"; y", "x =       ; y")]
    [InlineData("x = @\"a\"\"b\"; y", "x =        ; y")]
    [InlineData("c = '\"'; Task", "c =    ; Task")]
    [InlineData("$\"a {Task} b\"", "     Task    ")]
    [InlineData("$\"a {{Task}} b\"", "               ")]
    [InlineData("$\"{f(\"Task\")}\" z", "   f(      )   z")]
    [InlineData("\"\"\"a \"Task\" b\"\"\" z", "                 z")]
    [InlineData("$$\"\"\"{Task} {{x}}\"\"\" z", "              x      z")]
    [InlineData("@class = 1", "@class = 1")]
    public void Comments_and_literals_become_blanks_and_holes_stay(string text, string expected)
    {
        string code = SourceText.CodeOnly(text);
        Assert.Equal(expected, code);
        Assert.Equal(text.Length, code.Length);
    }
}
