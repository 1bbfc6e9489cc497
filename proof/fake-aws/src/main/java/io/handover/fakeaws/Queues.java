package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Policy.Decision;
import io.handover.fakeaws.Queue.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The queues of SQS. */
final class Queues extends Service {

    private static final int MAX_QUEUES = 1_000;
    private static final int MAX_MESSAGES = 100_000;
    private static final int MAX_RECEIVED = 10;
    private static final Duration NAME_BLOCKED = Duration.ofSeconds(60);
    private static final String HANDLE = "handle-";

    private final Region region;
    private final String baseUrl;
    private final Map<String, Queue> queues = new TreeMap<>();
    private final Map<String, Long> blockedUntilMs = new HashMap<>();
    private final Set<String> usableKeys = new HashSet<>();
    private boolean isClosed;

    Queues(Region region, String baseUrl) {
        super(region.account(), "sqs");
        this.region = region;
        this.baseUrl = baseUrl;
        on("CreateQueue", input -> List.of(arn(required(input, "QueueName"))), this::create);
        on(
                "GetQueueUrl",
                input -> List.of(arn(required(input, "QueueName"))),
                input -> new JsonObject()
                        .put("QueueUrl", named(required(input, "QueueName")).url()));
        on("GetQueueAttributes", this::resource, this::attributes);
        on("SetQueueAttributes", this::resource, this::setAttributes);
        on("TagQueue", this::resource, this::tag);
        on(
                "ListQueueTags",
                this::resource,
                input -> new JsonObject().put("Tags", queue(input).tags().map()));
        on("DeleteQueue", this::resource, this::delete);
        on("SendMessage", this::resource, this::send);
        on("ReceiveMessage", this::resource, this::receive);
        on("DeleteMessage", this::resource, this::deleteMessage);
        on("ChangeMessageVisibility", this::resource, this::changeVisibility);
        on("ChangeMessageVisibilityBatch", "ChangeMessageVisibility", this::resource, this::changeVisibilities);
    }

    /** Sends a message for a rule. Returns the error of AWS, or null. */
    @Nullable
    String accept(String arn, String ruleArn, String body, JsonObject attributes) {
        Queue queue = queues.get(arn.substring(arn.lastIndexOf(':') + 1));
        if (queue == null || !queue.arn().equals(arn)) {
            return "NO_RESOURCE";
        }
        Policy.Request request = new Policy.Request(
                Roles.EVENTS,
                "sqs:SendMessage",
                arn,
                Map.of("aws:SourceArn", ruleArn, "aws:SourceAccount", account().id()));
        Policy policy = queue.policy();
        String key = queue.attribute("KmsMasterKeyId");
        if (policy == null
                || Policy.decide(List.of(policy), request) != Decision.ALLOWED
                || (!key.isEmpty() && !usableKeys.contains(key))) {
            return "NO_PERMISSIONS";
        }
        add(queue, body, attributes);
        return null;
    }

    /** Lets EventBridge use a key of KMS. */
    void allowKey(String key) {
        usableKeys.add(key);
    }

    /** Makes all messages visible, as if their visibility timeouts had passed. */
    void makeVisible(String queueName) {
        named(queueName).messages().forEach(message -> message.hide(0));
        account().notifyAll();
    }

    List<String> arns() {
        return queues.values().stream().map(Queue::arn).toList();
    }

    void close() {
        isClosed = true;
        account().notifyAll();
    }

    private String arn(String name) {
        return region.arn("sqs", name);
    }

    private List<String> resource(JsonObject input) {
        return List.of(arn(nameOf(input)));
    }

    private static String nameOf(JsonObject input) {
        String url = required(input, "QueueUrl");
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private Queue queue(JsonObject input) {
        return named(nameOf(input));
    }

    private Queue named(String name) {
        Queue queue = queues.get(name);
        if (queue == null) {
            throw new AwsError(400, "QueueDoesNotExist", "The specified queue does not exist.");
        }
        return queue;
    }

    private JsonObject create(JsonObject input) {
        String name = required(input, "QueueName");
        JsonObject attributes = input.getJsonObject("Attributes", new JsonObject());
        if (input.containsKey("tags")) {
            account().require("sqs:TagQueue", arn(name));
        }
        Queue queue = queues.get(name);
        if (queue != null) {
            if (!queue.has(attributes)) {
                throw new AwsError(
                        400,
                        "QueueNameExists",
                        "A queue already exists with the same name and a different value for " + "an attribute.");
            }
            return new JsonObject().put("QueueUrl", queue.url());
        }
        if (System.currentTimeMillis() < blockedUntilMs.getOrDefault(name, 0L)) {
            throw new AwsError(
                    400,
                    "QueueDeletedRecently",
                    "You must wait 60 seconds after deleting a queue before you can create another with the same "
                            + "name.");
        }
        if (queues.size() >= MAX_QUEUES) {
            throw new AwsError(400, "OverLimit", "The fake has at most " + MAX_QUEUES + " queues.");
        }
        queue = new Queue(name, arn(name), baseUrl + "/" + account().id() + "/" + name);
        queue.set(attributes);
        queue.tags().add(input.getJsonObject("tags"));
        queues.put(name, queue);
        return new JsonObject().put("QueueUrl", queue.url());
    }

    private JsonObject attributes(JsonObject input) {
        Set<String> names = texts(input.getJsonArray("AttributeNames"));
        JsonObject attributes = new JsonObject();
        queue(input).described().forEach((name, value) -> {
            if (names.contains(name) || names.contains("All")) {
                attributes.put(name, value);
            }
        });
        return attributes.isEmpty() ? new JsonObject() : new JsonObject().put("Attributes", attributes);
    }

    private JsonObject setAttributes(JsonObject input) {
        queue(input).set(input.getJsonObject("Attributes"));
        return new JsonObject();
    }

    private JsonObject tag(JsonObject input) {
        queue(input).tags().add(input.getJsonObject("Tags"));
        return new JsonObject();
    }

    private JsonObject delete(JsonObject input) {
        Queue queue = queue(input);
        queues.remove(queue.name());
        blockedUntilMs.put(
                queue.name(), System.currentTimeMillis() + account().behaviour().scaledMs(NAME_BLOCKED));
        return new JsonObject();
    }

    private JsonObject send(JsonObject input) {
        Queue queue = queue(input);
        JsonObject attributes = input.getJsonObject("MessageAttributes", new JsonObject());
        Message message = add(queue, required(input, "MessageBody"), attributes);
        JsonObject output = new JsonObject()
                .put("MessageId", message.id())
                .put("MD5OfMessageBody", AttributeHash.ofBody(message.body()));
        return attributes.isEmpty() ? output : output.put("MD5OfMessageAttributes", AttributeHash.of(attributes));
    }

    private Message add(Queue queue, String body, JsonObject attributes) {
        if (body.getBytes(StandardCharsets.UTF_8).length > queue.number("MaximumMessageSize")) {
            throw new AwsError(
                    400,
                    "InvalidParameterValue",
                    "One or more parameters are invalid. Reason: Message must " + "be shorter than "
                            + queue.number("MaximumMessageSize") + " bytes.");
        }
        if (queue.messages().size() >= MAX_MESSAGES) {
            throw new IllegalStateException("The fake keeps at most " + MAX_MESSAGES + " messages per queue");
        }
        Message message = new Message(account().uuid(), body, attributes);
        queue.messages().add(message);
        account().notifyAll();
        return message;
    }

    /** Receives some of the visible messages, in any order. Waits for the first one if the caller says so. */
    private JsonObject receive(JsonObject input) {
        Queue queue = queue(input);
        int waitSeconds = number(input, "WaitTimeSeconds", queue.number("ReceiveMessageWaitTimeSeconds"));
        int most = number(input, "MaxNumberOfMessages", 1);
        if (most < 1 || most > MAX_RECEIVED) {
            throw new AwsError(400, "InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10.");
        }
        boolean isMissed = waitSeconds == 0 && account().happens(Trait.EMPTY_RECEIVE);
        List<Message> visible = isMissed ? List.of() : awaitVisible(queue, waitSeconds);
        Set<String> wanted = texts(input.getJsonArray("MessageAttributeNames"));
        JsonArray messages = new JsonArray();
        for (Message message : visible.subList(0, Math.min(most, visible.size()))) {
            message.receive(
                    HANDLE + account().uuid(), number(input, "VisibilityTimeout", queue.number("VisibilityTimeout")));
            messages.add(json(message, wanted));
        }
        return messages.isEmpty() ? new JsonObject() : new JsonObject().put("Messages", messages);
    }

    private List<Message> awaitVisible(Queue queue, int waitSeconds) {
        long endNs = System.nanoTime() + waitSeconds * 1_000_000_000L;
        while (true) {
            List<Message> visible = new ArrayList<>(
                    queue.messages().stream().filter(Message::isVisible).toList());
            long remainingMs = (endNs - System.nanoTime()) / 1_000_000;
            if (!visible.isEmpty() || remainingMs <= 0 || isClosed || queues.get(queue.name()) != queue) {
                Collections.shuffle(visible, account().random());
                return visible;
            }
            try {
                // A message can also become visible without a notification, when its timeout passes.
                account().wait(Math.min(remainingMs, 100));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
    }

    private JsonObject json(Message message, Set<String> wanted) {
        JsonObject attributes = new JsonObject();
        message.attributes().forEach(attribute -> {
            if (wanted.contains("All") || wanted.contains(".*") || wanted.contains(attribute.getKey())) {
                attributes.put(attribute.getKey(), attribute.getValue());
            }
        });
        JsonObject json = new JsonObject()
                .put("MessageId", message.id())
                .put("ReceiptHandle", message.receiptHandle())
                .put("Body", message.body())
                .put("MD5OfBody", AttributeHash.ofBody(message.body()))
                .put(
                        "Attributes",
                        new JsonObject()
                                .put("SentTimestamp", String.valueOf(message.sentMs()))
                                .put("ApproximateReceiveCount", String.valueOf(message.receives()))
                                .put("SenderId", "AIDAFAKE"));
        return attributes.isEmpty()
                ? json
                : json.put("MessageAttributes", attributes).put("MD5OfMessageAttributes", AttributeHash.of(attributes));
    }

    /** Deletes a message by its newest handle. An older handle deletes nothing, and that is no error. */
    private JsonObject deleteMessage(JsonObject input) {
        String handle = handle(input);
        queue(input).messages().removeIf(message -> message.receiptHandle().equals(handle));
        return new JsonObject();
    }

    private JsonObject changeVisibility(JsonObject input) {
        String handle = handle(input);
        queue(input).messages().stream()
                .filter(message -> message.receiptHandle().equals(handle) && !message.isVisible())
                .findFirst()
                .orElseThrow(() -> new AwsError(400, "MessageNotInflight", "The message is not in flight."))
                .hide(number(input, "VisibilityTimeout", 0));
        account().notifyAll();
        return new JsonObject();
    }

    private JsonObject changeVisibilities(JsonObject input) {
        JsonArray successful = new JsonArray();
        JsonArray failed = new JsonArray();
        JsonArray entries = input.getJsonArray("Entries");
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.getJsonObject(i);
            JsonObject result = new JsonObject().put("Id", entry.getString("Id"));
            try {
                changeVisibility(entry.copy().put("QueueUrl", input.getString("QueueUrl")));
                successful.add(result);
            } catch (AwsError e) {
                failed.add(result.put("SenderFault", true).put("Code", e.code()).put("Message", e.message()));
            }
        }
        return new JsonObject().put("Successful", successful).put("Failed", failed);
    }

    private static String handle(JsonObject input) {
        String handle = required(input, "ReceiptHandle");
        if (!handle.startsWith(HANDLE)) {
            throw new AwsError(404, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
        }
        return handle;
    }

    private static Set<String> texts(@Nullable JsonArray array) {
        Set<String> texts = new HashSet<>();
        if (array != null) {
            array.forEach(text -> texts.add(String.valueOf(text)));
        }
        return texts;
    }
}
