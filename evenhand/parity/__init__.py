"""The pledge and its proof: published, dated, immutable statements; the light; agree or disagree."""
