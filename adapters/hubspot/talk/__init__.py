"""What people and the service say to each other in HubSpot.

There are no comments: a note on the record says something, and a task assigned to somebody
asks for something ("Notes", "Tasks"). Answers are later notes, or words in the task.
"""
