package import SFU
package import WebRTC

/// A browser's answer to the room's offer.
package struct SubscribeAnswer: Hashable, Sendable {
    package var ice: ICECredentials
    /// What ``Worker/connect(_:dtls:sctp:)`` needs.
    package var dtls: DTLSParameters
    /// `nil` if the browser takes no data channels.
    package var sctp: SCTPParameters?
    /// What the browser receives, by mid, codecs best first.
    ///
    /// Sections that rest or were refused are missing.
    package var accepted: [String: RTPCapabilities]

    package init(
        ice: ICECredentials,
        dtls: DTLSParameters,
        sctp: SCTPParameters? = nil,
        accepted: [String: RTPCapabilities] = [:]
    ) {
        self.ice = ice
        self.dtls = dtls
        self.sctp = sctp
        self.accepted = accepted
    }

    /// The codec in which a section is best sent.
    package func codec(of mid: String) -> RTPCodec? { accepted[mid]?.codecs.first?.codec }
}
