# The three images on a base of your own; docs/containers.md. `mvn -Pimages package` makes the same ones without Docker.
#   mvn -Dquick -DskipTests package
#   docker build --build-arg BASE=registry.example.com/java:17 --target streams-app -t handover/streams-app:0.1.0-SNAPSHOT .
# The base needs a Java runtime 17 or newer as `java` on the PATH; that of the command also needs bash.
ARG BASE=eclipse-temurin:17.0.20_8-jre@sha256:13cc28a6cc72a38ce1f00c906be3580c1a3e604b8984d694f369a96742abc93b

FROM ${BASE} AS ingress-bridge
COPY LICENSE NOTICE /app/
COPY tools/cli/src/main/distribution/licenses /app/licenses
COPY ingress-bridge/target/lib /app/libs
COPY ingress-bridge/target/handover-ingress-bridge.jar /app/classpath/
COPY ingress-bridge/src/main/image /
USER 10001:10001
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["java", "@/app/health"]
ENTRYPOINT ["java", "@/app/start"]

FROM ${BASE} AS streams-app
COPY LICENSE NOTICE /app/
COPY tools/cli/src/main/distribution/licenses /app/licenses
COPY streams-app/target/lib /app/libs
COPY streams-app/target/handover-streams-app.jar /app/classpath/
COPY streams-app/src/main/image/app /app
COPY --chown=10001:10001 streams-app/src/main/image/var/lib/handover /var/lib/handover
ENV HANDOVER_STATE_DIR=/var/lib/handover/state GLIBC_TUNABLES=glibc.malloc.hugetlb=1
USER 10001:10001
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["java", "@/app/health"]
ENTRYPOINT ["java", "@/app/start"]

FROM ${BASE} AS cli
COPY LICENSE NOTICE /app/
COPY tools/cli/src/main/distribution/licenses /app/licenses
COPY tools/cli/target/lib /app/libs
COPY tools/cli/target/handover-cli.jar /app/classpath/
COPY tools/cli/src/main/distribution/bin /app/bin
COPY tools/cli/src/main/image /
USER 10001:10001
ENTRYPOINT ["/app/handover"]
