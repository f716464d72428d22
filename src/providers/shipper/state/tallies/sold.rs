//! Units of a product and the orders they were in, by where they are.

use crate::providers::shipper::machines::ShipmentState;
use crate::providers::shipper::state::order::{Line, Shipment};
use crate::providers::shipper::state::tallies::Turn;

/// Orders, each once, and units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sold {
    pub orders: u64,
    pub units: u64,
}

/// What became of the units of one product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoldUnits {
    pub shipped: Sold,
    pub delivered: Sold,
    pub failed: Sold,
    pub in_transit: Sold,
    pub returning: Sold,
    pub confirmed_return: Sold,
}

impl SoldUnits {
    fn all(&mut self) -> [&mut Sold; 6] {
        let SoldUnits { shipped, delivered, failed, in_transit, returning, confirmed_return } =
            self;
        [shipped, delivered, failed, in_transit, returning, confirmed_return]
    }

    /// Puts what shipments of one order have of a product in, or takes it off.
    pub(super) fn turn<'a>(
        &mut self,
        shipments: impl Iterator<Item = &'a Shipment>,
        product: u64,
        turn: Turn,
    ) {
        let mut of_order = SoldUnits::default();
        for shipment in shipments {
            for line in shipment.lines.iter().filter(|line| line.product == product) {
                of_order.add(shipment.life.state(), line);
            }
        }
        for (sum, by) in self.all().into_iter().zip(of_order.all()) {
            turn.count(&mut sum.orders, by.orders);
            turn.count(&mut sum.units, by.units);
        }
    }

    /// Each unit stands where it came to: of a parcel that was taken in part, some are delivered and some are back.
    fn add(&mut self, state: ShipmentState, line: &Line) {
        use ShipmentState as S;
        let rest = match state {
            S::AwaitingConfirmation | S::AwaitingPackaging | S::AwaitingPickup | S::Canceled => {
                return;
            }
            S::OnItsWay => &mut self.in_transit,
            S::Delivered | S::PartiallyDelivered | S::PartiallyReturned => &mut self.delivered,
            S::Returning => &mut self.returning,
            S::ReturnedToSender | S::Lost => &mut self.failed,
        };
        rest.add(line.kept());
        self.failed.add(line.back);
        self.confirmed_return.add(line.back);
        self.shipped.add(line.quantity);
    }

    pub(super) fn merge(&mut self, other: &SoldUnits) {
        for (sum, by) in self.all().into_iter().zip(other.clone().all()) {
            sum.orders += by.orders;
            sum.units += by.units;
        }
    }
}

impl Sold {
    /// Adds units of the one order that this is of.
    fn add(&mut self, units: u32) {
        if units == 0 {
            return;
        }
        self.orders = 1;
        self.units += u64::from(units);
    }
}
