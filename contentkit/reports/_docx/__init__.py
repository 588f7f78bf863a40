"""Reports as documents of Word: ``document`` puts one together, ``body`` writes the text, ``styles`` says how it
looks."""
