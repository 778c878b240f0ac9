using System;
using System.Text;

namespace GroupComm.Tidy.Tests;

/// <summary>
/// C# text without comments and literals: they become blanks, line breaks stay, so that positions and line numbers hold.
/// The holes of interpolated strings are code and stay.
/// </summary>
internal sealed class SourceText
{
    private readonly string _text;
    private readonly StringBuilder _code;
    private int _at;

    private SourceText(string text)
    {
        _text = text;
        _code = new StringBuilder(text.Length);
    }

    public static string CodeOnly(string text)
    {
        var reader = new SourceText(text);
        while (reader._at < text.Length)
            reader.Token();
        return reader._code.ToString();
    }

    public static int LineOf(string text, int position) => text.AsSpan(0, position).Count('\n') + 1;

    private void Token()
    {
        if (Ahead("//"))
            BlankUntil("\n", inclusive: false);
        else if (Ahead("/*"))
            BlankUntil("*/", inclusive: true);
        else if (_text[_at] == '\'')
            Quoted('\'');
        else if (_text[_at] is '"' or '@' or '$' && TryLiteral())
            return;
        else
            Keep();
    }

    private bool TryLiteral()
    {
        int dollars = 0, start = _at;
        bool verbatim = false;
        while (start < _text.Length && _text[start] is '$' or '@')
        {
            dollars += _text[start] == '$' ? 1 : 0;
            verbatim |= _text[start] == '@';
            start++;
        }
        if (start >= _text.Length || _text[start] != '"')
            return false;
        while (_at < start)
            Blank();
        int quotes = 0;
        while (start + quotes < _text.Length && _text[start + quotes] == '"')
            quotes++;
        if (quotes >= 3 && !verbatim)
            Literal(new string('"', quotes), dollars, escapes: false, doubled: false);
        else if (verbatim)
            Literal("\"", dollars, escapes: false, doubled: true);
        else
            Literal("\"", dollars, escapes: true, doubled: false);
        return true;
    }

    private void Literal(string quote, int dollars, bool escapes, bool doubled)
    {
        Blank(quote.Length);
        while (_at < _text.Length)
        {
            if (escapes && _text[_at] == '\\')
                Blank(2);
            else if (doubled && Ahead("\"\""))
                Blank(2);
            else if (Ahead(quote))
            {
                Blank(quote.Length);
                return;
            }
            else if (dollars > 0 && _text[_at] == '{')
                Braces(dollars, raw: quote.Length > 1);
            else
                Blank();
        }
    }

    /// <summary>At one or more opening braces: a hole, or braces that stand for themselves.</summary>
    private void Braces(int dollars, bool raw)
    {
        int run = 0;
        while (_at + run < _text.Length && _text[_at + run] == '{')
            run++;
        bool hole = raw ? run >= dollars : run % 2 == 1;
        Blank(run);
        if (!hole)
            return;
        int depth = 0;
        while (_at < _text.Length && (depth > 0 || _text[_at] != '}'))
        {
            depth += _text[_at] switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
            Token();
        }
        Blank(raw ? dollars : 1);
    }

    private void Quoted(char quote)
    {
        Blank();
        while (_at < _text.Length && _text[_at] != quote && _text[_at] != '\n')
            Blank(_text[_at] == '\\' ? 2 : 1);
        Blank();
    }

    private void BlankUntil(string end, bool inclusive)
    {
        int found = _text.IndexOf(end, _at + 2, StringComparison.Ordinal);
        int stop = found < 0 ? _text.Length : found + (inclusive ? end.Length : 0);
        Blank(stop - _at);
    }

    private bool Ahead(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private void Keep() => _code.Append(_text[_at++]);

    private void Blank(int count = 1)
    {
        for (int end = Math.Min(_at + count, _text.Length); _at < end; _at++)
            _code.Append(_text[_at] == '\n' ? '\n' : ' ');
    }
}
