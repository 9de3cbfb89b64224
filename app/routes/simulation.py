"""The simulated microscope's truth, and faults on request. A rig whose devices are all real has no such routes."""

from fastapi import APIRouter
from pydantic import BaseModel

from hw.config import Faults
from hw.drivers.simulated.world import World


class Truth(BaseModel):
    """Where the simulated slide truly is, whatever the stage believes, and how far it is out of focus."""

    x_um: float
    y_um: float
    z_um: float
    defocus_um: float


class Simulation(BaseModel):
    """What is so, and what is broken."""

    truth: Truth
    faults: Faults


def simulation_routes(world: World) -> APIRouter:
    """``/api/simulation``."""
    router = APIRouter(prefix="/api/simulation", tags=["simulation"])

    @router.get("")
    async def simulation() -> Simulation:
        """What is truly so in the simulated microscope, and which faults are on."""
        truth = Truth(x_um=world.x_um, y_um=world.y_um, z_um=world.z_um, defocus_um=world.defocus_um)
        return Simulation(truth=truth, faults=world.faults)

    @router.post("/faults")
    async def change_faults(faults: Faults) -> Faults:
        """Break something, or mend it; what is not named stays as it is. A restart mends what no rig file breaks."""
        for name in faults.model_fields_set:
            setattr(world.faults, name, getattr(faults, name))
        return world.faults

    return router
