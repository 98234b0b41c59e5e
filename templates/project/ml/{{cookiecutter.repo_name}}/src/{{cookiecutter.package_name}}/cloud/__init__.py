"""The same parts on Azure Machine Learning. Needs the extra ``azure``; signs in without secrets."""
