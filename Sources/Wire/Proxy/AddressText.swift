/// Addresses as they are written, for layers that call no system.
enum AddressText {
    /// Four decimal numbers (RFC 6943 §3.1.1, the strict form).
    static func ipv4(_ text: some StringProtocol, _ port: UInt16) -> SocketAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let number = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(number)
        }
        return SocketAddress(ipv4: value, port: port)
    }

    /// RFC 4291 §2.2, without a zone.
    static func ipv6(_ text: some StringProtocol, _ port: UInt16) -> SocketAddress? {
        var halves: [[UInt16]] = [[]]
        var rest = Substring(text)
        if rest.hasPrefix("::") {
            halves.append([])
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let part = rest.prefix { $0 != ":" }
            rest = rest[part.endIndex...]
            if rest.isEmpty, part.contains(".") {
                guard let last = ipv4(part, 0)?.ipv4 else { return nil }
                halves[halves.count - 1] += [UInt16(last >> 16), UInt16(truncatingIfNeeded: last)]
                break
            }
            guard (1...4).contains(part.utf8.count), let group = UInt16(part, radix: 16), part.first != "+"
            else { return nil }
            halves[halves.count - 1].append(group)
            if rest.hasPrefix("::") {
                guard halves.count == 1 else { return nil }
                halves.append([])
                rest = rest.dropFirst(2)
            } else if rest.first == ":" {
                rest = rest.dropFirst()
                guard !rest.isEmpty else { return nil }
            }
        }
        let known = halves.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? known < 8 : known == 8 else { return nil }
        var groups = halves[0]
        if halves.count == 2 { groups += Array(repeating: 0, count: 8 - known) + halves[1] }
        let words = groups.map(UInt64.init)
        return SocketAddress(
            high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
            low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7],
            port: port
        )
    }
}
