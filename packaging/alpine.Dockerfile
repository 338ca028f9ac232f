# The image for jobs of CI systems, which need a shell. It has no entrypoint, so that
# GitLab needs no `entrypoint: [""]`. By hand it is built as examples/run-task/Dockerfile is.
FROM alpine:3.22
ARG TARGETPLATFORM
COPY LICENSE .cache/release/THIRD_PARTY_NOTICES.txt /usr/share/licenses/redisbaseline/
COPY ${TARGETPLATFORM}/terraform-provider-redisbaseline* /usr/local/bin/redisbaseline
USER 65532:65532
CMD ["redisbaseline", "--help"]
