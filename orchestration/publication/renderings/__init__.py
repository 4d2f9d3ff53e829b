"""What people look at, made from one published release alone: never from the warehouse, and so never more than the release says.

Put here: how a release is shown. Keep out: figures, and deciding which of them may be shown: that was done before it was published.
"""
