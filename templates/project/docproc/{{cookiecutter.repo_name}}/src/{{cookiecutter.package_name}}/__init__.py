"""Document processing: fields with confidence, straight through when sure, to a person when not."""
