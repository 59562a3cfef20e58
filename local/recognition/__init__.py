"""The stand-in for Textract and Rekognition: real models behind AWS's own wire protocol, on this computer only."""
