"""The nouns: frozen values handed from stage to stage. Standard library only."""
