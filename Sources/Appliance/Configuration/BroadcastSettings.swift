internal import IO
package import Wire

/// Whether programs may come by mediasoup-demo's broadcaster API, with plain RTP (`docs/broadcast.md`).
package struct BroadcastSettings: Hashable, Sendable {
    /// `broadcast.enabled`: `on` or `off`; default `off`.
    package var isOn = false
    /// `broadcast.address`: where RTP is received and sent from, which is also what programs are told; port 0; default
    /// 127.0.0.1.
    package var address = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    /// `broadcast.ports`: the first and the last UDP port, such as `50000-50099`; default any that is free.
    package var ports: ClosedRange<UInt16>?

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isOn = try values.flag("broadcast.enabled") ?? false
        if let text = values.text("broadcast.address") {
            guard let address = SocketAddress(text: text, port: 0), address.ipv4 != 0,
                address.high != 0 || address.low != 0
            else {
                throw ConfigurationError(
                    key: "broadcast.address",
                    problem: "“\(text)” is not an address of this machine that programs can send to"
                )
            }
            self.address = address
        }
        if let text = values.text("broadcast.ports") {
            let sides = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard sides.count == 2, let first = sides[0], let last = sides[1], first >= 1_024, first < last,
                last - first < Self.mostPorts
            else {
                throw ConfigurationError(
                    key: "broadcast.ports",
                    problem:
                        "“\(text)” is not two ports from 1024 to 65535 such as 50000-50099, at most \(Self.mostPorts) in all"
                )
            }
            ports = first...last
        }
    }

    /// Whether what is sent stays in this machine.
    package var isLocal: Bool { address.isLoopback }

    private static let mostPorts: UInt16 = 1_000
}
