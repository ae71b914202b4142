"""One small file per network; each speaks through the network's own client library and answers with values.

Nothing in here retries, waits, or raises for what a network does.
"""
