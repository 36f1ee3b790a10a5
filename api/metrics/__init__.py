"""What operators watch: requests, runs, alarms and the age of the last night."""
