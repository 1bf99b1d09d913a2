internal import IO
package import Wire

/// One entry of `media.addresses`: where browsers reach the media port.
package enum AnnouncedAddress: Hashable, Sendable {
    /// With the port outside, or 0: that of the media port.
    case address(SocketAddress)
    /// Those of this machine's network interfaces.
    case interfaces
    /// Whatever a name means at the time, with the port outside or 0.
    case name(String, port: UInt16)
    /// How a STUN server (RFC 8489) sees the media port.
    case stun(String, port: UInt16)

    package init?(_ text: String) {
        if text == "interfaces" {
            self = .interfaces
        } else if text.lowercased().hasPrefix("stun:") {
            guard let (host, port) = Self.split(text.dropFirst(5)) else { return nil }
            self = .stun(host, port: port ?? Self.stunPort)
        } else if let address = SocketAddress(text: text, port: 0) {
            self = .address(address)
        } else {
            guard let (host, port) = Self.split(text[...]) else { return nil }
            if let address = SocketAddress(text: host, port: port ?? 0) {
                self = .address(SocketAddress(high: address.high, low: address.low, port: port ?? 0))
            } else {
                // Numbers and dots alone are an address that is wrong.
                guard host.contains(where: \.isLetter), !text.hasPrefix("[") else { return nil }
                self = .name(host, port: port ?? 0)
            }
        }
    }

    /// Where its addresses are from.
    package var origin: AddressOrigin {
        switch self {
        case .address: .setting
        case .interfaces: .interface
        case .name: .name
        case .stun: .stun
        }
    }

    /// What a certificate can be made for.
    package var certificateName: String? {
        switch self {
        case .address(let address): address.text
        case .name(let host, _): host
        case .interfaces, .stun: nil
        }
    }

    /// Host and port; an IPv6 address with a port is in brackets.
    private static func split(_ text: Substring) -> (host: String, port: UInt16?)? {
        var host = text
        var rest: Substring = ""
        if text.first == "[", let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            rest = text[colon...]
        }
        let isHost = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"): text.first == "["
            default: false
            }
        }
        guard !host.isEmpty, host.utf8.count <= 253, isHost else { return nil }
        guard let colon = rest.first else { return (String(host), nil) }
        guard colon == ":", let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
        return (String(host), port)
    }

    private static let stunPort: UInt16 = 3_478
}

/// Where an address is from that browsers are told to reach the media at.
package enum AddressOrigin: String, CaseIterable, CodingKeyRepresentable, Encodable, Hashable, Sendable {
    case interface, name, setting, stun
}
