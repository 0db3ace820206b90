/// Manifests that are read without an error, and together set nearly every field of a VMI: what mutations start from.
enum Corpus {
    static let specimens = [
        Specimen("compute", compute), Specimen("desktop", desktop), Specimen("storage", storage),
        Specimen("files", files),
        Specimen("network", network), Specimen("sealed", sealed), Specimen("kernel", kernel), Specimen("pod", pod),
        Specimen("growing", growing), Specimen("owners", owners), Specimen("list", list),
    ]

    /// CPUs, cells, pages and devices of its own.
    private static let compute = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: trader-7
          namespace: desk
          uid: 5d307ca9-b3ef-428c-8861-06e72d69f223
          annotations:
            alpha.kubevirt.io/EmulatorThreadCompleteToEvenParity: "true"
            kubevirt.io/memfd: "false"
        spec:
          resourceClaims:
          - {name: accel, resourceClaimName: accel-claim}
          - {name: net, resourceClaimTemplateName: net-template}
          domain:
            ioThreadsPolicy: supplementalPool
            ioThreads: {supplementalPoolThreadCount: 2}
            cpu:
              sockets: 1
              cores: 2
              threads: 2
              model: host-passthrough
              dedicatedCpuPlacement: true
              isolateEmulatorThread: true
              numa: {guestMappingPassthrough: {}}
              realtime: {mask: "0-3,^1"}
              features:
              - {name: invtsc, policy: require}
              - {name: vmx, policy: disable}
            memory: {guest: 512Mi, hugepages: {pageSize: 2Mi}}
            resources:
              requests: {cpu: "4", memory: 512Mi}
              limits: {cpu: "4", memory: 512Mi}
            features:
              kvm: {hidden: true}
              pvspinlock: {enabled: true}
              apic: {enabled: true, endOfInterrupt: false}
            devices:
              disks:
              - {name: root, disk: {bus: virtio}, dedicatedIOThread: true, bootOrder: 1}
              gpus:
              - name: gpu0
                deviceName: nvidia.com/A100
                tag: render
                virtualGPUOptions: {display: {enabled: true, ramFB: {enabled: false}}}
              - {name: gpu1, claimName: accel, requestName: gpu}
              hostDevices:
              - {name: nvme0, deviceName: intel.com/qat, tag: crypto}
              - {name: fpga0, claimName: accel, requestName: fpga}
              interfaces:
              - {name: fast, sriov: {}, bootOrder: 2, pciAddress: "0000:00:0a.0"}
              - {name: drawn, sriov: {}}
          networks:
          - {name: fast, multus: {networkName: desk/fast-lane, default: true}}
          - {name: drawn, resourceClaim: {claimName: net, requestName: port}}
          volumes:
          - {name: root, emptyDisk: {capacity: 1Gi}}
        """

    /// What Windows wants.
    private static let desktop = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: office, namespace: desk, labels: {tier: front}}
        spec:
          terminationGracePeriodSeconds: 600
          domain:
            machine: {type: pc-q35-7.2}
            clock:
              utc: {offsetSeconds: -3600}
              timer:
                hpet: {present: false, tickPolicy: delay}
                pit: {present: true, tickPolicy: discard}
                rtc: {present: true, tickPolicy: catchup, track: guest}
                hyperv: {present: true}
                kvm: {present: false}
            cpu: {cores: 2, features: [{name: vmx}]}
            memory: {guest: 64Mi}
            features:
              acpi: {enabled: true}
              smm: {enabled: true}
              hyperv:
                evmcs: {enabled: true}
                frequencies: {enabled: true}
                ipi: {enabled: true}
                reenlightenment: {enabled: true}
                relaxed: {enabled: true}
                reset: {enabled: true}
                runtime: {enabled: true}
                spinlocks: {enabled: true, spinlocks: 8191}
                synic: {enabled: true}
                synictimer: {enabled: true, direct: {enabled: true}}
                tlbflush: {enabled: true, direct: {enabled: false}, extended: {enabled: false}}
                vapic: {enabled: true}
                vendorid: {enabled: true, vendorid: Plain}
                vpindex: {enabled: true}
            firmware:
              uuid: 5d307ca9-b3ef-428c-8861-06e72d69f224
              serial: SN-0001
              bootloader: {efi: {secureBoot: true, persistent: true}}
              acpi: {msdmNameRef: licence, slicNameRef: licence}
            rebootPolicy: Terminate
            devices:
              disks:
              - {name: system, disk: {bus: sata}, bootOrder: 1, serial: SYS-1, tag: system}
              - {name: answers, cdrom: {bus: sata, readonly: true, tray: open}}
              - {name: licence, disk: {bus: scsi, readonly: true}}
              inputs: [{name: pen, type: tablet, bus: usb}, {name: pad, type: tablet, bus: virtio}]
              sound: {name: speaker, model: ac97}
              tpm: {enabled: true, persistent: true}
              video: {type: virtio}
              watchdog: {name: dog, i6300esb: {action: poweroff}}
              panicDevices: [{model: hyperv}, {model: isa}, {model: pvpanic}]
              rng: {}
              clientPassthrough: {}
              autoattachGraphicsDevice: true
              autoattachInputDevice: true
              autoattachMemBalloon: false
              autoattachSerialConsole: true
              logSerialConsole: false
              networkInterfaceMultiqueue: true
          volumes:
          - {name: system, persistentVolumeClaim: {claimName: office-system, readOnly: false, hotpluggable: false}}
          - {name: answers, sysprep: {configMap: {name: answers}}}
          - {name: licence, secret: {secretName: licence, optional: true, volumeLabel: LICENCE}}
        """

    /// Memory and sockets that can be plugged, a guest that is paused, and Hyper-V as the host has it.
    private static let growing = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: growing, annotations: {kubevirt.io/placePCIDevicesOnRootComplex: "true"}}
        spec:
          startStrategy: Paused
          domain:
            cpu: {sockets: 1, cores: 2, maxSockets: 4, model: EPYC}
            memory: {guest: 64Mi, maxGuest: 1Gi, reservedOverhead: {addedOverhead: 64Mi, memLock: NotRequired}}
            resources: {overcommitGuestOverhead: true, requests: {memory: 64Mi}, limits: {memory: 2Gi}}
            features: {hypervPassthrough: {enabled: true}}
            rebootPolicy: Reboot
            devices:
              autoattachPodInterface: false
              autoattachVSOCK: true
              disableHotplug: true
              useVirtioTransitional: true
        status: {phase: Running, VSOCKCID: 7, nodeName: node-1, topologyHints: {tscFrequency: 2400000000}}
        """

    /// Encrypted memory.
    private static let sealed = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: sealed}
        spec:
          startStrategy: Paused
          domain:
            launchSecurity:
              sev: {attestation: {}, dhCert: QUJD, session: REVG, policy: {encryptedState: true}}
            firmware: {bootloader: {efi: {secureBoot: false}}}
            memory: {guest: 64Mi}
            devices:
              rng: {}
              disks: [{name: root, disk: {bus: virtio}}]
          volumes: [{name: root, containerDisk: {image: "quay.io/disks/sealed:1"}}]
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: sealed-snp}
        spec:
          domain:
            launchSecurity: {snp: {}}
            firmware: {bootloader: {efi: {secureBoot: false}}}
            memory: {guest: 64Mi}
            devices: {}
        ---
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: sealed-tdx}
        spec:
          domain:
            launchSecurity: {tdx: {}}
            firmware: {bootloader: {efi: {secureBoot: false}}}
            memory: {guest: 64Mi}
            devices: {}
        """

    /// A kernel without a boot loader, and the strings of SMBIOS.
    private static let kernel = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata:
          name: kernel
          annotations: {kubevirt.io/ignitiondata: '{"ignition": {"version": "3.4.0"}}'}
        spec:
          domain:
            firmware:
              bootloader: {bios: {useSerial: true}}
              kernelBoot:
                kernelArgs: console=ttyS0 quiet
                container:
                  image: quay.io/disks/kernel:1
                  imagePullPolicy: IfNotPresent
                  imagePullSecret: registry
                  kernelPath: /boot/vmlinuz
                  initrdPath: /boot/initrd.img
            clock: {timezone: Europe/Berlin}
            chassis: {asset: A-7, manufacturer: Example, serial: C-1, sku: SKU-1, version: v1}
            memory: {guest: 64Mi}
            devices: {}
        """
}
