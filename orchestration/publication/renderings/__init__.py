"""Renders a published release for people: from the files of the release alone, never from the warehouse, so it cannot disclose more.

Put here: presentation of a release. Keep out: computing figures, and deciding which may be shown: that happens before publication.
"""
