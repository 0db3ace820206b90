/// VMI files that the tests run.
enum Manifests {
    /// A kernel-boot guest; `devices` and `rest` are added to its spec as they are, indented.
    static func hello(
        _ name: String, arguments: String = "", annotations: String = "", devices: String = "", volumes: String = "",
        networks: String = "", spec: String = "terminationGracePeriodSeconds: 20"
    ) -> String {
        """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: \(name)
          annotations: {\(annotations)}
        spec:
          \(spec)
          domain:
            memory: {guest: 192Mi}
            firmware:
              kernelBoot:
                container: {image: "hello:latest", kernelPath: /boot/vmlinuz, initrdPath: /boot/initrd}
                kernelArgs: console=ttyS0 quiet cryptomgr.notests \(arguments)
            devices: {\(devices)}
          networks: [\(networks)]
          volumes: [\(volumes)]
        """
    }

    static let webDevices = "interfaces: [{name: default, masquerade: {}, ports: [{port: 8080}]}]"
    static let podNetwork = "{name: default, pod: {}}"
}
