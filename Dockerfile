# A static program and the certificates that it needs; nothing else, and nobody is root.
#   docker build -t timonel . && docker run -v timonel:/data -p 127.0.0.1:8080:8080 timonel

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/timonel ./cmd/timonel \
 && mkdir -p /out/data /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/timonel /timonel
COPY --from=build /out/tmp /tmp
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# Any other key of config.example.toml can be set the same way, or in a file that TIMONEL_CONFIG names.
ENV TIMONEL_STORAGE_URL=/data/timonel.db TIMONEL_WHATSAPP_STORE=/data/whatsapp.db TIMONEL_HTTP_ADDR=0.0.0.0:8080
EXPOSE 8080
# There is no shell here: the program asks itself. It fails when the bot cannot work, not while a platform is away: a new
# container would not bring that back.
HEALTHCHECK --interval=1m --timeout=10s --start-period=30s CMD ["/timonel", "health"]
ENTRYPOINT ["/timonel"]
CMD ["serve"]
