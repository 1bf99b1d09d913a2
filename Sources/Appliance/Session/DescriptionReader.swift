/// Reads people's session descriptions, one after the other, away from the session.
///
/// However long they are, and however many people send them, they take one thread at most; the session goes on
/// meanwhile.
actor DescriptionReader {
    func read(_ sdp: String, for codecs: RoomCodecs) -> Result<PublishOffer, NegotiationError> {
        Result { () throws(NegotiationError) in try PublishOffer(parsing: sdp, for: codecs) }
    }

    func read(
        _ sdp: String,
        by client: OutsideClient,
        for codecs: RoomCodecs
    ) -> Result<OutsideOffer, NegotiationError> {
        Result { () throws(NegotiationError) in try OutsideOffer(parsing: sdp, by: client, for: codecs) }
    }

    func read(
        _ sdp: String,
        of offer: Int,
        with session: SubscribeSession
    ) -> Result<SubscribeAnswer, NegotiationError> {
        Result { () throws(NegotiationError) in try session.read(sdp, id: offer) }
    }
}
