/// What PRIORITY says in a check (RFC 8445 §7.1.1).
package enum ICECheckPriority {
    /// Of the peer-reflexive candidate that the check may discover (RFC 8445 §5.1.2.1).
    package static let peerReflexive: UInt32 = 110 << 24 | 65_535 << 8 | 255
}
