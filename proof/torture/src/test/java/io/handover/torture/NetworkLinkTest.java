package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkLinkTest {

    private static final int PATIENCE_MS = 60_000;

    /** Longer than a byte needs on this machine. */
    private static final int SILENCE_MS = 300;

    private final NetworkLink link = new NetworkLink("test");
    private ServerSocket server;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MS);
        int port = link.to(server.getLocalPort());
        near = new Socket(InetAddress.getLoopbackAddress(), port);
        far = server.accept();
        near.setSoTimeout(PATIENCE_MS);
        far.setSoTimeout(PATIENCE_MS);
    }

    @AfterEach
    void close() throws IOException {
        near.close();
        far.close();
        server.close();
        link.close();
    }

    @Test
    void shouldCarryBothWays() throws IOException {
        // Given, When
        near.getOutputStream().write('a');
        far.getOutputStream().write('b');

        // Then
        assertThat(far.getInputStream().read()).isEqualTo('a');
        assertThat(near.getInputStream().read()).isEqualTo('b');
    }

    @Test
    void shouldBeSilentBothWaysWhileCutAndDeliverWhenHealed() throws IOException {
        // Given
        link.cut();

        // When
        near.getOutputStream().write('a');
        far.getOutputStream().write('b');

        // Then
        assertSilent(far);
        assertSilent(near);
        link.heal();
        assertThat(far.getInputStream().read()).isEqualTo('a');
        assertThat(near.getInputStream().read()).isEqualTo('b');
    }

    @Test
    void shouldAcceptNewConnectionsAndHoldThemWhileCut() throws IOException {
        // Given
        link.cut();
        server.setSoTimeout(SILENCE_MS);

        // When
        try (Socket late = new Socket(InetAddress.getLoopbackAddress(), near.getPort())) {
            late.getOutputStream().write('c');

            // Then
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
            server.setSoTimeout(PATIENCE_MS);
            link.heal();
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo('c');
            }
        }
    }

    @Test
    void shouldHoldACloseWhileCut() throws IOException {
        // Given
        link.cut();

        // When
        near.close();

        // Then
        assertSilent(far);
        link.heal();
        assertThat(far.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void shouldEndItsConnectionsWhenClosedEvenWhileCut() throws IOException {
        // Given
        link.cut();

        // When
        link.close();

        // Then
        assertThat(far.getInputStream().read()).isEqualTo(-1);
        assertThat(near.getInputStream().read()).isEqualTo(-1);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE_MS);
    }
}
