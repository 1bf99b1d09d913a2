/// Why somebody cannot do something to somebody else.
package enum ModerationRefusal: Error, Hashable, Sendable {
    /// Nobody can give rights that they do not have.
    case beyondYours
    /// Somebody has to be left who can let people in and switch rights.
    case last
    case noPlace(Places.Refusal)
    /// Nobody comes in whom the audit cannot record.
    case notRecorded
    /// They have left, or have been let in or refused by somebody else.
    case notThere
    case onlyClinicians
    case yourself
}

extension Refusal {
    package init(_ refusal: ModerationRefusal) {
        switch refusal {
        case .beyondYours: self.init(.beyondYourRights)
        case .last: self.init(.lastWithRight)
        case .noPlace: self.init(.noPlaceToAdmit)
        case .notRecorded: self.init(.notRecorded)
        case .notThere: self.init(.personNotThere)
        case .onlyClinicians: self.init(.onlyClinicians)
        case .yourself: self.init(.notYourself)
        }
    }
}
