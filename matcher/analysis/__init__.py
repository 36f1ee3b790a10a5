"""Two plans or two policies side by side, bottlenecks, what-ifs and fairness."""
