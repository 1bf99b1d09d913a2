/// What is wrong with something that was sent in mediasoup's JSON, in words that whoever wrote the sender can act on.
package struct MediasoupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where it stands, such as `rtpParameters.codecs[1].payloadType`.
    package var place: String
    package var words: String

    package init(_ place: String, _ words: String) {
        self.place = place
        self.words = words
    }

    package var description: String { "\(place) \(words)" }
}
