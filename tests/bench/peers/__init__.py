"""What runs with the interpreters of the peers; these files import nothing of ours."""
