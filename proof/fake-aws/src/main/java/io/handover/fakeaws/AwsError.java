package io.handover.fakeaws;

/** An error answer of AWS. */
final class AwsError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String message;

    AwsError(int status, String code, String message) {
        super(code + ": " + message);
        this.status = status;
        this.code = code;
        this.message = message;
    }

    static AwsError validation(String message) {
        return new AwsError(400, "ValidationException", message);
    }

    static AwsError notFound(String message) {
        return new AwsError(400, "ResourceNotFoundException", message);
    }

    static AwsError alreadyExists(String message) {
        return new AwsError(400, "ResourceAlreadyExistsException", message);
    }

    static AwsError concurrentModification(String message) {
        return new AwsError(400, "ConcurrentModificationException", message);
    }

    static AwsError limitExceeded(String message) {
        return new AwsError(400, "LimitExceededException", message);
    }

    /** The code of the error in the query protocol, where it is another one. */
    String queryCode() {
        return switch (code) {
            case "AccessDeniedException" -> "AccessDenied";
            case "ExpiredTokenException" -> "ExpiredToken";
            case "QueueDeletedRecently" -> "AWS.SimpleQueueService.QueueDeletedRecently";
            case "QueueDoesNotExist" -> "AWS.SimpleQueueService.NonExistentQueue";
            case "QueueNameExists" -> "QueueAlreadyExists";
            case "ThrottlingException" -> "Throttling";
            case "UnrecognizedClientException" -> "InvalidClientTokenId";
            case "ValidationException" -> "ValidationError";
            default -> code;
        };
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }
}
