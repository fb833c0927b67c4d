"""The CSV door: an export of any desk, untidy as it is, made into the plain columns of an audit."""
