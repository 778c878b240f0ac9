using System;

namespace GroupComm.Daemon.Availability;

/// <summary>
/// The exact solution. States: a primary view of m members (all that are up), or none with j of the nodes up. From three members on one
/// may always be lost. Of two the second may; when the first is lost nobody is a quorum until it returns. So while there is no
/// primary the first of the last view is down, and the next view is all that are up when it returns.
/// </summary>
internal static class ClosedForm
{
    public static YearFigures Solve(LinkModel model)
    {
        int n = model.Nodes;
        double fail = model.Failure, repair = model.Repair;
        var rates = new double[2 * n, 2 * n]; // m - 1 for m members, n + j for none with j up
        for (int m = 1; m <= n; m++)
        {
            int at = m - 1;
            if (m < n)
                rates[at, m] += (n - m) * repair;
            if (m >= 3)
                rates[at, m - 2] += m * fail;
            else if (m == 2)
                (rates[at, 0], rates[at, n + 1]) = (fail, fail);
            else
                rates[at, n] += fail;
        }
        for (int j = 0; j < n; j++)
        {
            rates[n + j, j] += repair; // the first returns: a view of it and the j
            if (j < n - 1)
                rates[n + j, n + j + 1] += (n - 1 - j) * repair;
            if (j > 0)
                rates[n + j, n + j - 1] += j * fail;
        }
        double[] share = Stationary(rates);
        double none = 0, losses = 0;
        for (int j = 0; j < n; j++)
            none += share[n + j];
        for (int m = 2; m <= n; m++)
            losses += share[m - 1] * fail * (m >= 3 ? m : 1);
        return new YearFigures(none * LinkModel.Year, losses * LinkModel.Year);
    }

    /// <summary>Shares of time in each state, by state reduction (Grassmann, Taksar, Heyman, 1985): nothing is subtracted, so that shares
    /// of 1e-12 are as exact as the others.</summary>
    private static double[] Stationary(double[,] rates)
    {
        int n = rates.GetLength(0);
        for (int k = n - 1; k > 0; k--)
        {
            double sum = 0;
            for (int j = 0; j < k; j++)
                sum += rates[k, j];
            for (int i = 0; i < k; i++)
                rates[i, k] /= sum;
            for (int i = 0; i < k; i++)
                for (int j = 0; j < k; j++)
                    if (i != j)
                        rates[i, j] += rates[i, k] * rates[k, j];
        }
        double[] share = new double[n];
        share[0] = 1;
        double total = 1;
        for (int k = 1; k < n; k++)
        {
            for (int i = 0; i < k; i++)
                share[k] += share[i] * rates[i, k];
            total += share[k];
        }
        return Array.ConvertAll(share, each => each / total);
    }
}
