"""Data validation: the contracts, the rules of the gates, and the gates that evaluate them."""
