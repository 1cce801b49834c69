"""The report: cleared estimates in, one typed document out, rendered as HTML and PDF. The report computes nothing."""
