# One image for every role: docker run IMAGE ROLE. Without a role it is the whole mesh with stores of its own, kept in the volume.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY . .
RUN mvn -B -ntp -pl distribution -am -DskipTests -Dmaven.test.skip=true package

FROM eclipse-temurin:17-jre
# With a name, as PostgreSQL wants one; below by number, so that a cluster sees that it is not root.
RUN groupadd --gid 10001 madang && \
    useradd --uid 10001 --gid madang --home-dir /var/lib/madang --no-create-home --shell /usr/sbin/nologin madang && \
    install --directory --owner=madang --group=madang --mode=0700 /var/lib/madang
COPY --from=build /build/distribution/target/madang /opt/madang

# In a container nobody but the container is on the loopback interface, and ports that others must find cannot be any free one.
ENV MADANG_HTTP_HOST=0.0.0.0 \
    MADANG_HTTP_PORT=8080 \
    MADANG_HEALTH_HOST=0.0.0.0 \
    MADANG_HEALTH_PORT=8081 \
    MADANG_CLUSTER_PORT=5701 \
    MADANG_BUS_PORT=5702 \
    MADANG_DATA_DIR=/var/lib/madang \
    LANG=C.UTF-8

USER 10001:10001
WORKDIR /var/lib/madang
VOLUME /var/lib/madang
EXPOSE 8080 8081 5701 5702

# Docker's own view; Kubernetes asks the health pages itself.
HEALTHCHECK --interval=5s --timeout=3s --start-period=2m --retries=3 CMD ["/opt/madang/bin/is-ready"]

# The launcher replaces itself by the JVM, which so is the first process and hears SIGTERM.
ENTRYPOINT ["/opt/madang/bin/madang"]
CMD ["all"]
