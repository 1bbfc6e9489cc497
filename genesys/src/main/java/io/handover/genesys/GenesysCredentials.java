package io.handover.genesys;

import java.util.Objects;

/**
 * The credentials of an OAuth client of Genesys Cloud with the grant type client credentials.
 *
 * @param clientId the id of the OAuth client
 * @param clientSecret the secret of the OAuth client
 */
public record GenesysCredentials(String clientId, String clientSecret) {

    public GenesysCredentials {
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(clientSecret, "clientSecret");
    }

    /** The id without the secret. */
    @Override
    public String toString() {
        return "GenesysCredentials[clientId=" + clientId + ", clientSecret=hidden]";
    }
}
