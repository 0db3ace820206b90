import Foundation
import Testing

/// An image that nobody honest makes, in a registry.
enum HostileImage {
    /// Entries of the one layer: `file NAME PATH-OF-ITS-CONTENT`, `symlink NAME TARGET`, `hardlink NAME TARGET`, in order.
    static func push(_ entries: [[String]], as image: String, _ sandbox: Sandbox) throws {
        let layout = "\(sandbox.root)/hostile-\(UInt32.random(in: 0 ... .max))"
        let list = try JSONSerialization.data(withJSONObject: entries)
        let made = try shell("python3", "-c", script, layout, String(decoding: list, as: UTF8.self))
        try #require(made.status == 0)
        let pushed = try shell("skopeo", "copy", "-q", "--dest-tls-verify=false", "oci:\(layout)", "docker://\(image)")
        try #require(pushed.status == 0, "the image cannot be pushed")
    }

    private static let script = """
        import gzip, hashlib, io, json, os, sys, tarfile
        layout, entries = sys.argv[1], json.loads(sys.argv[2])
        os.makedirs(f"{layout}/blobs/sha256")
        def blob(data, kind):
            digest = hashlib.sha256(data).hexdigest()
            open(f"{layout}/blobs/sha256/{digest}", "wb").write(data)
            return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for kind, name, target in entries:
                info = tarfile.TarInfo(name)
                if kind == "file":
                    data = open(target, "rb").read()
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
                else:
                    info.type = tarfile.SYMTYPE if kind == "symlink" else tarfile.LNKTYPE
                    info.linkname = target
                    tar.addfile(info)
        plain = buffer.getvalue()
        diff = "sha256:" + hashlib.sha256(plain).hexdigest()
        config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff]}}
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(json.dumps(config).encode(), "config.v1+json"),
            "layers": [blob(gzip.compress(plain), "layer.v1.tar+gzip")]}
        index = {"schemaVersion": 2, "manifests": [blob(json.dumps(manifest).encode(), "manifest.v1+json")]}
        open(f"{layout}/index.json", "w").write(json.dumps(index))
        open(f"{layout}/oci-layout", "w").write('{"imageLayoutVersion": "1.0.0"}')
        """
}
