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
        // The type of the code is named: some cases are called the same, and would be turned into themselves.
        let code: RefusalCode =
            switch refusal {
            case .beyondYours: .beyondYourRights
            case .last: .lastWithRight
            case .noPlace: .noPlaceToAdmit
            case .notRecorded: .notRecorded
            case .notThere: .personNotThere
            case .onlyClinicians: .onlyClinicians
            case .yourself: .notYourself
            }
        self.init(code)
    }
}
