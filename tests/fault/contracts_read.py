"""Reads the contracts when it is imported: a process that every other one is forked from does so once for all of them."""

from expectations import contract, published

published.load()
for _bron in contract.BRONNEN:
    contract.load(_bron)
