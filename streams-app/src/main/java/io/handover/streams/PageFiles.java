package io.handover.streams;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page for operators. They are read once, at the start, from a folder of the class path, so no request
 * can name another file. The page has no data of its own: it asks for them with the token that its user types in.
 */
final class PageFiles {

    /** The folder of the page, beside this class. */
    static final String FOLDER = "page/";

    private static final String INDEX = "index.html";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "txt", "text/plain; charset=utf-8");

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' https:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, Buffer> files;

    private PageFiles(Map<String, Buffer> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * Reads the files. Without the folder, there is no page.
     *
     * @param folderName the folder, beside this class, with a slash at the end
     */
    static PageFiles read(String folderName) {
        URL folder = PageFiles.class.getResource(folderName);
        Map<String, Buffer> files = new HashMap<>();
        if (folder != null) {
            try {
                for (String name : names(folder)) {
                    if (TYPES.containsKey(ending(name))) {
                        files.put('/' + name, content(folderName + name));
                    }
                }
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException("Expected to read the files of the page, but failed", e);
            }
        }
        if (files.containsKey('/' + INDEX)) {
            files.put("/", files.get('/' + INDEX));
        }
        return new PageFiles(files);
    }

    private static List<String> names(URL folder) throws IOException, URISyntaxException {
        URLConnection connection = folder.openConnection();
        if (connection instanceof JarURLConnection jarConnection) {
            String prefix = jarConnection.getEntryName();
            JarFile jar = jarConnection.getJarFile();
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.startsWith(prefix) && name.length() > prefix.length())
                    .map(name -> name.substring(prefix.length()))
                    .filter(name -> name.indexOf('/') < 0)
                    .toList();
        }
        try (Stream<Path> listed = Files.list(Path.of(folder.toURI()))) {
            return listed.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
    }

    private static Buffer content(String name) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new UncheckedIOException(new IOException(name + " is missing"));
            }
            return Buffer.buffer(in.readAllBytes());
        }
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    boolean has(@Nullable String path) {
        return path != null && files.containsKey(path);
    }

    /** Answers a path that {@link #has} knows. */
    void answer(String path, HttpServerResponse response) {
        String type = TYPES.get(ending(path.equals("/") ? INDEX : path));
        response.putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(files.get(path));
    }
}
