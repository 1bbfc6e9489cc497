package io.handover.fakeaws;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** The call of STS that says who the caller is. It needs no permission. */
final class Identity extends Service {

    Identity(Account account) {
        super(account, "sts");
        on(
                "GetCallerIdentity",
                input -> List.of(),
                input -> new JsonObject()
                        .put("Account", account.id())
                        .put("Arn", account.arn("iam", "", Account.CALLER))
                        .put("UserId", "AIDAFAKE"));
    }
}
