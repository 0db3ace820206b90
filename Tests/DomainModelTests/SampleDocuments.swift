/// Documents of domains, as libvirt and others write them.
enum SampleDocuments {
    /// As libvirt tells of a running domain, with much that nobody here asked for.
    static let live = """
        <domain type='kvm' id='3' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          <name>live</name>
          <uuid>5d307ca9-b3ef-428c-8861-06e72d69f223</uuid>
          <title>a &amp; b</title>
          <metadata>
            <virt-node:instance xmlns:virt-node="https://virt-node.io/v1" schema="1" uid="u" namespace="n" name="m" \
        generation="2" owner="run:1" boot="b" color="red"><more/></virt-node:instance>
            <kubevirt xmlns="http://kubevirt.io"><uid>x</uid></kubevirt>
          </metadata>
          <maxMemory slots='4' unit='KiB'>8388608</maxMemory>
          <memory unit='KiB' dumpCore='on'>2097152</memory>
          <currentMemory unit='MiB'>1024</currentMemory>
          <memoryBacking><hugepages><page size='2048' unit='KiB'/></hugepages><nosharepages/></memoryBacking>
          <vcpu placement='static' cpuset='0-3' current='1'>2</vcpu>
          <vcpus>
            <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>
            <vcpu id='1' enabled='no' hotpluggable='yes'/>
          </vcpus>
          <iothreads>1</iothreads>
          <iothreadids><iothread id='1' thread_pool_min='2'/></iothreadids>
          <cputune><shares>2048</shares><vcpupin vcpu='0' cpuset='1'/><emulatorpin cpuset='2'/></cputune>
          <resource><partition>/machine</partition></resource>
          <os>
            <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
            <loader readonly='yes' secure='no' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader>
            <nvram template='/usr/share/OVMF/OVMF_VARS_4M.fd' format='raw'>/var/lib/nvram.fd</nvram>
            <boot dev='hd'/><boot dev='network'/>
            <bootmenu enable='no'/>
            <bios useserial='no' rebootTimeout='0'/>
            <smbios mode='host'/>
          </os>
          <features>
            <acpi/><apic/><smm state='on'><tseg unit='MiB'>48</tseg></smm><vmport state='off'/>
            <gic version='3'/><hyperv mode='passthrough'/><kvm><poll-control state='on'/></kvm>
          </features>
          <cpu mode='custom' match='exact' check='full'>
            <model fallback='forbid'>Haswell-noTSX</model>
            <vendor>Intel</vendor>
            <topology sockets='2' dies='1' cores='1' threads='1'/>
            <feature policy='require' name='vme'/>
            <numa><cell id='0' cpus='0-1' memory='2097152' unit='KiB' memAccess='shared'/></numa>
          </cpu>
          <clock offset='variable' adjustment='3600' basis='utc'>
            <timer name='rtc' tickpolicy='catchup'/><timer name='hpet' present='no'/>
          </clock>
          <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>something-new</on_crash>
          <pm><suspend-to-mem enabled='no'/></pm>
          <devices>
            <emulator>/usr/bin/qemu-system-x86_64</emulator>
            <disk type='file' device='disk' model='virtio-non-transitional' snapshot='no'>
              <driver name='qemu' type='qcow2' cache='none' error_policy='stop' discard='ignore' detect_zeroes='on'/>
              <source file='/a.qcow2' index='1'><encryption format='luks'/></source>
              <backingStore type='file' index='2'>
                <format type='qcow2'><metadata_cache><max_size unit='bytes'>1</max_size></metadata_cache></format>
                <source file='/b.qcow2'/><backingStore/>
              </backingStore>
              <target dev='vda' bus='virtio' rotation_rate='1'/>
              <alias name='ua-root'/>
              <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/>
            </disk>
            <disk type='network' device='disk'>
              <driver name='qemu' type='raw'/>
              <source protocol='rbd' name='pool/image'><host name='mon' port='6789'/></source>
              <target dev='vdb' bus='virtio'/>
            </disk>
            <disk type='file' device='floppy'><target dev='fda' bus='fdc'/></disk>
            <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
            <disk type='file' device='disk'>
              <driver name='qemu' type='vmdk'/><source file='/c.vmdk'/><backingStore/><target dev='vdc' bus='virtio'/>
            </disk>
            <disk type='block' device='lun' sgio='filtered'>
              <driver name='qemu' type='raw'/>
              <source dev='/dev/x'>
                <reservations managed='yes'><source type='unix' path='/p' mode='client'/></reservations>
              </source>
              <target dev='sdb' bus='scsi'/>
              <address type='drive' controller='0' bus='0' target='0' unit='1'/>
            </disk>
            <controller type='pci' index='1' model='pcie-root-port'>
              <model name='pcie-root-port'/><target chassis='1' port='0x8'/><alias name='pci.1'/>
              <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0' multifunction='on'/>
            </controller>
            <controller type='pci' index='0' model='pcie-root'><pcihole64 unit='KiB'>1048576</pcihole64></controller>
            <interface type='ethernet'>
              <mac address='02:11:22:33:44:55'/><source/>
              <target dev='tap0' managed='no'/><model type='virtio-non-transitional'/>
              <driver name='vhost' queues='2' rx_queue_size='512'/><link state='up'/><mtu size='1450'/>
              <rom enabled='no' file='/x'/><alias name='ua-default'/>
            </interface>
            <interface type='direct' trustGuestRxFilters='yes'>
              <source dev='eth0' mode='bridge'/><target dev='macvtap0'/><model type='virtio'/>
            </interface>
            <interface type='network'><source network='default' portgroup='g'/><model type='virtio'/></interface>
            <interface type='hostdev' managed='yes'>
              <source><address type='pci' domain='0x0000' bus='0x82' slot='0x10' function='0x2'/></source>
            </interface>
            <hostdev mode='subsystem' type='pci' managed='no'>
              <driver name='vfio'/>
              <source writeFiltering='no'>
                <address type="pci" domain='0x0000' bus='0x41' slot='0x00' function='0x0'/>
              </source>
              <rom bar='off'/>
            </hostdev>
            <hostdev mode='subsystem' type='usb'>
              <source startupPolicy='optional'><vendor id='0x1234'/><product id='0xbeef'/></source>
            </hostdev>
            <serial type='unix'>
              <source mode='bind' path='/s'/><log file='/l' append='off'/>
              <target type='isa-serial' port='0'><model name='isa-serial'/></target><alias name='serial0'/>
            </serial>
            <serial type='pty'><source path='/dev/pts/3'/><target port='1'/></serial>
            <console type='unix'><source mode='bind' path='/s'/><target type='serial' port='0'/></console>
            <channel type='unix'>
              <source mode='bind' path='/run/agent'/>
              <target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>
              <alias name='channel0'/><address type='virtio-serial' controller='0' bus='0' port='1'/>
            </channel>
            <channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
            <input type='keyboard' bus='ps2'/>
            <input type='tablet' bus='usb'><address type='usb' bus='0' port='1'/></input>
            <tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>
            <graphics type='spice' port='5900'><listen type='address' address='127.0.0.1'/></graphics>
            <graphics type='vnc' socket='/v'><listen type='socket' socket='/v'/></graphics>
            <audio id='1' type='none'/>
            <video><model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1' primary='yes'/></video>
            <video><model type='bochs' vram='16384' heads='1'/></video>
            <watchdog model='itco' action='reset'/><watchdog model='i6300esb' action='poweroff'/>
            <memballoon model='virtio' autodeflate='on'><stats period='10'/></memballoon>
            <rng model='virtio'><rate bytes='1'/><backend model='egd' type='udp'><source mode='bind'/></backend></rng>
            <vsock model='virtio'><cid auto='yes' address='3'/></vsock>
            <memory model='virtio-mem'><target><size unit='KiB'>1048576</size><node>0</node></target></memory>
            <shmem name='s'/>
          </devices>
          <seclabel type='dynamic' model='apparmor' relabel='yes'><label>l</label></seclabel>
          <seclabel type='static' model='dac' relabel='no'>
            <label>+64055:+108</label><imagelabel>i</imagelabel>
          </seclabel>
          <launchSecurity type='sev' kernelHashes='yes'><policy>0x1</policy></launchSecurity>
          <qemu:commandline><qemu:arg value='-s'/><qemu:env name='A' value='b'/></qemu:commandline>
        </domain>
        """

    /// What no libvirt writes, and a reader should survive.
    static let strange = """
        <domain type='xen' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          loose text
          <name/><name>second</name>
          <vcpu placement='new' current='many'>2</vcpu>
          <memory unit='KiB'> 1024
          </memory>
          <currentMemory unit='furlong'>3</currentMemory>
          <iothreads>some</iothreads>
          <os><type>xen</type><kernel></kernel><bootmenu enable='yes' timeout='soon'/></os>
          <features><acpi x='1'><y/></acpi><pvspinlock/><pae/><smm/><hyperv><relaxed/><spinlocks retries='1'/></hyperv>
          </features>
          <cpu><topology sockets='1' cores='2' threads='1'/></cpu>
          <clock offset='localtime'/>
          <devices>
            <emulator/>
            <disk><source file='/x'/><target dev=''/></disk>
            <disk type='file' device='disk'><driver/><source/><boot order='first'/><alias/></disk>
            <disk type='file' device='disk'><source file='/x'/><source file='/y'/><target/><target dev='vdb'/></disk>
            <disk type='volume' device='disk'><source pool='p' volume='v'/><backingStore/></disk>
            <controller type='' index='x' model=''><driver/><driver/></controller>
            <interface type='bridge'><source/><rom enabled='yes'/><link/></interface>
            <interface><mac/></interface>
            <interface type='vhostuser'><source type='unix' path='/p'/></interface>
            <hostdev><source><address bus='x'/></source></hostdev>
            <hostdev type='pci'><source><address domain='0' bus='65' slot='0x1f' function='7'/></source></hostdev>
            <hostdev type='usb'><source><address bus='1' device='two'/></source></hostdev>
            <serial type='unix'><source mode='connect' path='/s'/><log append='on'/></serial>
            <graphics type='vnc'/><video/><rng/><tpm/><panic/><vsock><cid/></vsock><iommu><driver/></iommu>
            <redirdev/><filesystem/><channel/><console/><input/><sound/><watchdog/><memballoon><stats/></memballoon>
          </devices>
          <seclabel/>
        </domain>
        """
}
