"""Everything that says what data must look like: the contracts, the suites of the gates, and the gate that runs them."""
