package import Access
package import RemoteControl

extension ControlRights {
    /// What somebody with these rights may do to the desk once they are in control.
    package init(_ rights: Rights) {
        self = []
        if rights.contains(.pointer) { insert(.pointer) }
        if rights.contains(.keyboard) { insert(.keyboard) }
    }
}

extension Rights {
    /// What somebody in control may do to the desk, as the rights that it takes.
    package init(_ rights: ControlRights) {
        self = []
        if rights.contains(.pointer) { insert(.pointer) }
        if rights.contains(.keyboard) { insert(.keyboard) }
    }
}

extension FloorStanding {
    package init(_ grant: Grant) {
        self.init(
            rights: ControlRights(grant.rights),
            mayGrant: grant.rights.contains(.grant),
            isClient: grant.role == .client
        )
    }
}
