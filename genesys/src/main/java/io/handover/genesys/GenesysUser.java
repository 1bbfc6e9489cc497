package io.handover.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.schema.AgentProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user of Genesys Cloud as the Platform API describes it. The texts come from outside and are not cleaned.
 *
 * @param id the user id
 * @param name the preferred name of the user, or the name without one
 * @param images the pictures of the user in all sizes
 */
public record GenesysUser(String id, String name, List<Image> images) {

    /** A height alone, as in x96, or with a width, as in 640x480. */
    private static final Pattern RESOLUTION = Pattern.compile("\\d{0,5}x(\\d{1,5})");

    public GenesysUser {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        images = List.copyOf(images);
    }

    /**
     * A picture of a user.
     *
     * @param size the height in pixels
     * @param uri the address
     */
    public record Image(int size, String uri) {
        public Image {
            Objects.requireNonNull(uri, "uri");
        }
    }

    /** Reads the JSON of a user. A user without a name is as good as unknown; unusable pictures are left out. */
    static Optional<GenesysUser> read(String id, JsonNode json) {
        String preferredName = GenesysHttp.text(json, "preferredName");
        String name = preferredName.isEmpty() ? GenesysHttp.text(json, "name") : preferredName;
        List<Image> images = new ArrayList<>();
        for (JsonNode image : json.path("images")) {
            Matcher resolution = RESOLUTION.matcher(GenesysHttp.text(image, "resolution"));
            String uri = GenesysHttp.text(image, "imageUri");
            if (resolution.matches() && !uri.isEmpty()) {
                images.add(new Image(Integer.parseInt(resolution.group(1)), uri));
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(new GenesysUser(id, name, images));
    }

    /**
     * Returns the address of the usable picture whose size is nearest to the given one. Of two that are equally near it
     * is the larger one.
     *
     * @param size the height in pixels
     * @return the address, or null if the user has no usable picture
     * @see AgentProfile#usableImageUrl
     */
    public @Nullable String imageNearestTo(int size) {
        return images.stream()
                .filter(image -> AgentProfile.usableImageUrl(image.uri()) != null)
                .min(Comparator.comparingInt((Image image) -> Math.abs(image.size() - size))
                        .thenComparing(Comparator.comparingInt(Image::size).reversed()))
                .map(Image::uri)
                .orElse(null);
    }
}
