# SPDX-License-Identifier: Apache-2.0
# Everything real is in Scripts/, which needs nothing but a shell and Swift.
.PHONY: demo test bench
demo:
	@Scripts/demo
test:
	@Scripts/test
bench:
	@Scripts/bench
