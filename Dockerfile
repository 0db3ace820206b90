# Two images: `host-libvirt` for nodes whose VMs are in the host's own libvirt, which deploy/ runs, and `qemu`, which brings
# QEMU and libvirt's embedded driver along.
#
#   scripts/make-image                      # without a daemon, out of Debian's packages alone
#   docker build --target host-libvirt .    # where a Docker engine is at hand
FROM swift:6.3-bookworm AS program
RUN apt-get update && apt-get install -y --no-install-recommends \
    binutils libarchive-dev libcap-dev libseccomp-dev libsqlite3-dev libvirt-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift Package.resolve[d] ./
COPY Sources Sources
COPY Tests Tests
# Where SwiftPM works: a folder that a volume of the same path keeps has packages and a former build at hand.
ARG SCRATCH=/src/.build
RUN swift build -c release --product virt-node --static-swift-stdlib --scratch-path "$SCRATCH" \
    && strip --strip-all -o /virt-node "$SCRATCH/release/virt-node"

FROM debian:bookworm-slim AS files
RUN apt-get update && apt-get install -y --no-install-recommends \
    busybox-static ca-certificates golang-github-containers-common libarchive13 libcap2 libseccomp2 libsqlite3-0 libvirt0 \
    skopeo util-linux \
    && rm -rf /var/lib/apt/lists/*
COPY container/copy-programs container/on-host /usr/local/bin/
COPY --from=program /virt-node /usr/local/bin/virt-node
RUN copy-programs /image /usr/local/bin/virt-node /usr/local/bin/on-host /usr/bin/skopeo /usr/bin/prlimit /bin/busybox \
    && ln -s busybox /image/usr/bin/sh \
    && for name in qemu-img qemu-system-x86_64 ip; do ln -s on-host /image/usr/local/bin/$name; done \
    # What is the host's is looked up there, so that what changes there changes here.
    && for path in /run/libvirt /usr/share/OVMF /usr/share/edk2 /usr/share/qemu /lib/modules /etc/machine-id \
        /etc/os-release /var/lib/kubelet; do \
        mkdir -p "/image$(dirname $path)" && ln -sfT "/host$path" "/image$path"; done \
    && mkdir -p /image/host /image/proc /image/sys /image/dev /image/etc/ssl/certs /image/etc/virt-node /image/root \
        /image/var/lib/virt-node /image/var/cache/virt-node /image/run/virt-node /image/etc/containers \
    && install -d -m 1777 /image/tmp /image/var/tmp && ln -s ../run /image/var/run \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && cp /etc/nsswitch.conf /etc/passwd /etc/group /image/etc/ \
    && cp /etc/containers/policy.json /image/etc/containers/

FROM debian:bookworm-slim AS qemu
RUN apt-get update && apt-get install -y --no-install-recommends \
    libvirt0 libvirt-daemon libvirt-daemon-driver-qemu libvirt-daemon-system libarchive13 libcap2 libseccomp2 libsqlite3-0 \
    qemu-system-x86 qemu-utils skopeo golang-github-containers-common ovmf swtpm swtpm-tools ca-certificates \
    iproute2 kmod util-linux \
    && rm -rf /var/lib/apt/lists/*
COPY --from=program /virt-node /usr/local/bin/virt-node
ENTRYPOINT ["virt-node"]
CMD ["doctor"]

FROM scratch AS host-libvirt
COPY --from=files /image /
ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin
ENTRYPOINT ["virt-node"]
CMD ["doctor"]
