package io.handover.setup.verify;

import static io.handover.setup.check.Finding.error;
import static io.handover.setup.check.Finding.ok;
import static io.handover.setup.check.Finding.warning;

import io.handover.setup.check.Finding;
import io.handover.setup.check.Findings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * Looks at the address of the bridge as EventBridge does: the host name, the certificate and its chain, the TLS version.
 *
 * @param endpoint the address
 * @param tls which certificates are trusted
 */
public record TlsCheck(URI endpoint, SSLContext tls) {

    private static final int HTTPS_PORT = 443;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofDays(14);
    private static final String TLS = "TLS of the endpoint";
    private static final String CLIENT_CERTIFICATE =
            "The endpoint may ask for a client certificate. EventBridge has none; authenticate with the key alone.";

    /** Adds what was found. Returns whether requests make sense. */
    public boolean run(Findings findings) {
        if (!resolves(findings)) {
            return false;
        }
        Finding finding = handshake();
        findings.add(finding);
        return finding.severity() != Finding.Severity.ERROR;
    }

    private boolean resolves(Findings findings) {
        String check = "address of the endpoint";
        try {
            List<InetAddress> addresses = Arrays.asList(InetAddress.getAllByName(endpoint.getHost()));
            List<String> texts =
                    addresses.stream().map(InetAddress::getHostAddress).toList();
            if (addresses.stream().anyMatch(TlsCheck::isPrivate)) {
                findings.add(warning(
                        check,
                        "resolves to " + String.join(", ", texts),
                        "EventBridge reaches only public addresses. Seen from here it may differ."));
            } else {
                findings.add(ok(check, String.join(", ", texts)));
            }
            return true;
        } catch (UnknownHostException e) {
            findings.add(
                    error(
                            check,
                            endpoint.getHost() + " does not resolve",
                            "EventBridge does not try again: deliveries go straight to the dead letter queue. Correct the DNS."));
            return false;
        }
    }

    private static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || address.isLinkLocalAddress();
    }

    private Finding handshake() {
        int port = endpoint.getPort() < 0 ? HTTPS_PORT : endpoint.getPort();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(endpoint.getHost(), port), (int) TIMEOUT.toMillis());
            plain.setSoTimeout((int) TIMEOUT.toMillis());
            SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, endpoint.getHost(), port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            SSLSession session = socket.getSession();
            return isAnswering(socket)
                    ? judged(session)
                    : error(TLS, "the connection is closed without an answer", CLIENT_CERTIFICATE);
        } catch (SSLException e) {
            return error(TLS, String.valueOf(e.getMessage()), advice(e));
        } catch (IOException e) {
            return error(
                    TLS,
                    "no connection: " + e.getMessage(),
                    "Check the firewall and the load balancer: EventBridge comes from the internet.");
        }
    }

    /** With TLS 1.3, a server that wants a client certificate refuses only after the handshake of the client. */
    private boolean isAnswering(SSLSocket socket) throws IOException {
        String request = "GET / HTTP/1.1\r\nHost: " + endpoint.getHost() + "\r\nConnection: close\r\n\r\n";
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            // Whether the bridge answers in time is the business of the next check.
            return true;
        } catch (SocketException e) {
            // The refusal may be lost when the server has closed the connection before the request was written.
            return false;
        }
    }

    private static Finding judged(SSLSession session) throws SSLException {
        X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
        Instant expiry = certificate.getNotAfter().toInstant();
        String found = session.getProtocol() + ", certificate until " + expiry.truncatedTo(ChronoUnit.SECONDS);
        return expiry.isBefore(Instant.now().plus(SOON))
                ? warning(TLS, found, "Renew the certificate; EventBridge refuses an expired one.")
                : ok(TLS, found);
    }

    private static String advice(SSLException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("certification path")) {
            return "EventBridge trusts only public certificate authorities, and needs the whole chain. Send the"
                    + " intermediate certificates too; a private authority does not work.";
        }
        if (message.contains("subject alternative") || message.contains("no name matching")) {
            return "The certificate is for another host name. EventBridge refuses it.";
        }
        if (message.contains("expired") || message.contains("validity check failed")) {
            return "Renew the certificate.";
        }
        if (message.contains("protocol")) {
            return "The endpoint must offer TLS 1.2 or 1.3.";
        }
        if (message.contains("certificate_required") || message.contains("bad_certificate")) {
            return CLIENT_CERTIFICATE;
        }
        return "EventBridge would fail in the same way.";
    }
}
