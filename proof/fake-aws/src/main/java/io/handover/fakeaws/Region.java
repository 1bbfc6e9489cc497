package io.handover.fakeaws;

/** A region of the account, for names. */
record Region(Account account, String name) {

    String arn(String service, String resource) {
        return account.arn(service, name, resource);
    }
}
