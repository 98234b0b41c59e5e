"""Which service requests will be late: training, scoring, drift, fairness and promotion."""
