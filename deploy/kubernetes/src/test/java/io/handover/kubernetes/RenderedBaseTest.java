package io.handover.kubernetes;

/** The base as kubectl renders it. */
class RenderedBaseTest extends ManifestRules {

    @Override
    Manifests manifests() throws Exception {
        return Manifests.rendered(Manifests.FOLDER.resolve("base"));
    }
}
