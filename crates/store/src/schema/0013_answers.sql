-- What a message with an id of the client was answered with, in full: components hold texts only, and who sends the message
-- again is to be answered as the first time, however much was said since.
ALTER TABLE messages ADD COLUMN answer TEXT;
