# Builds virt-node, and a small image that runs it with the embedded libvirt driver.
#
#   docker build -t virt-node .
#   docker run --rm --privileged virt-node doctor
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libvirt-dev libarchive-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product virt-node --static-swift-stdlib

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
    libvirt0 libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-system libarchive13 \
    qemu-system-x86 qemu-utils skopeo ovmf swtpm swtpm-tools ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/.build/release/virt-node /usr/local/bin/virt-node
ENTRYPOINT ["virt-node"]
CMD ["doctor"]
